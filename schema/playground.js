/* The playground: GraphiQL, the key of this tab, and the examples.

   The key lives in sessionStorage, so it ends with the tab; it is sent in the Authorization
   header only, and never stands in an address. */
'use strict';

(() => {
  const KEY = 'crane.key';
  const ENDPOINT = new URL('../graphql', location.href);
  const WHO = 'query PlaygroundKey { organization { name } }';
  const BOOKS = `query PlaygroundBooks {
    organization {
      accounts { id accountType }
      CUSTOMER: contacts(
        where: { contactType: { eq: CUSTOMER }, isActive: { eq: true } }, limit: 1
      ) { id }
      VENDOR: contacts(
        where: { contactType: { eq: VENDOR }, isActive: { eq: true } }, limit: 1
      ) { id }
      INVOICE: invoices(
        where: { status: { in: [SENT, VIEWED, PARTIAL, OVERDUE] } }, limit: 1
      ) { id }
      DRAFT: invoices(where: { status: { eq: DRAFT } }, limit: 1) { id }
    }
  }`;
  const NEW_TAB = '# Ctrl-Space lists what can stand here, Ctrl-Enter runs it.\n';

  const at = (id) => document.getElementById(id);
  const h = React.createElement;
  const examples = JSON.parse(at('example-data').textContent);
  const storage = GraphiQL.createLocalStorage({ namespace: 'crane' });
  const root = ReactDOM.createRoot(at('graphiql'));

  /* Answers are always an object as GraphQL has it, also where there was none. */
  async function ask(key, request, headers = {}) {
    const given = key ? { Authorization: `Bearer ${key}` } : {};
    let response;
    try {
      response = await fetch(ENDPOINT, {
        method: 'POST',
        cache: 'no-store',
        credentials: 'omit',
        headers: {
          Accept: 'application/graphql-response+json, application/json',
          'Content-Type': 'application/json',
          ...given,
          ...headers,
        },
        body: JSON.stringify(request),
      });
    } catch (error) {
      return refusal(`The request did not get through (${error.message}). Is the server running?`);
    }
    try {
      return await response.json();
    } catch {
      return refusal(`The server answered HTTP ${response.status} without JSON.`);
    }
  }

  const refusal = (message) => ({ errors: [{ message }] });

  const explain = (answer) =>
    (answer.errors ?? [])
      .map((error) => [error.message, error.extensions?.suggestion].filter(Boolean).join(' '))
      .join(' ') || 'The server gave no data and no reason.';

  function say(text, tone = '') {
    at('status').textContent = text;
    at('status').className = tone;
  }

  /* GraphiQL asks for the schema again whenever it is given another fetcher. */
  function fetcherFor(key) {
    return async (request, { headers } = {}) => {
      const answer = await ask(key, request, headers);
      if (key && request.operationName === 'IntrospectionQuery' && !answer.data) {
        say(explain(answer), 'bad');
      }
      return answer;
    };
  }

  /* Sits inside GraphiQL, where its editors can be reached. */
  let open = () => {};
  function Opener() {
    const { addTab, queryEditor, variableEditor, tabs } = GraphiQL.React.useEditorContext();
    const waiting = React.useRef(null);
    open = (example) => {
      waiting.current = example;
      addTab();
    };
    React.useEffect(() => {
      if (!waiting.current || !queryEditor || !variableEditor) return;
      queryEditor.setValue(waiting.current.query);
      variableEditor.setValue(waiting.current.variables);
      waiting.current = null;
    }, [tabs.length, queryEditor, variableEditor]);
    return null;
  }

  function show(key) {
    at('hint').hidden = Boolean(key);
    at('forget').hidden = !key;
    at('use').hidden = Boolean(key);
    at('examples').disabled = !key;
    const first = examples[0];
    root.render(
      h(
        GraphiQL,
        {
          fetcher: fetcherFor(key),
          schema: key ? undefined : null,
          storage,
          shouldPersistHeaders: false,
          defaultQuery: NEW_TAB,
          defaultTabs: first ? [{ query: first.query, variables: first.variables }] : undefined,
          defaultEditorToolsVisibility: 'variables',
        },
        h(GraphiQL.Logo, null, null),
        h(Opener),
      ),
    );
  }

  async function enter(key) {
    if (!/^[\x21-\x7e]+$/.test(key)) {
      refuse('That is no API key: it is empty, or has spaces or characters beyond ASCII.');
      return;
    }
    say('Checking the key …');
    const answer = await ask(key, { query: WHO });
    const organization = answer.data?.organization;
    if (!organization) {
      refuse(explain(answer));
      return;
    }
    sessionStorage.setItem(KEY, key);
    say(`${organization.name} · ${key.startsWith('cl_test_') ? 'test books' : 'live books'}`, 'good');
    show(key);
  }

  /* A refused key stays in the field, where a slip of the hand can be seen and mended. */
  function refuse(reason) {
    sessionStorage.removeItem(KEY);
    show(null);
    say(reason, 'bad');
  }

  function forget() {
    sessionStorage.removeItem(KEY);
    at('key').value = '';
    say('');
    show(null);
    at('key').focus();
  }

  /* Examples name no ids. {{TODAY}} is the date here, {{ASSET}} the first account of that type;
     {{CUSTOMER}}, {{VENDOR}}, {{INVOICE}} (the newest unpaid one) and {{DRAFT}} (the newest draft
     of an invoice) are looked up in the books, and left empty where there is none. */
  async function filled(variables) {
    const now = new Date();
    const local = new Date(now.getTime() - now.getTimezoneOffset() * 60000);
    const text = variables.replaceAll('{{TODAY}}', local.toISOString().slice(0, 10));
    const key = sessionStorage.getItem(KEY);
    if (!key || !text.includes('{{')) return text;
    const answer = await ask(key, { query: BOOKS });
    if (!answer.data) say(explain(answer), 'bad');
    const { accounts = [], ...others } = answer.data?.organization ?? {};
    const ids = new Map(Object.entries(others).map(([mark, found]) => [mark, found[0]?.id]));
    for (const account of accounts) {
      if (!ids.has(account.accountType)) ids.set(account.accountType, account.id);
    }
    return text.replaceAll(/\{\{([A-Z]+)\}\}/g, (_, mark) => ids.get(mark) ?? '');
  }

  function listExamples() {
    for (const [kind, label] of [['query', 'Queries'], ['mutation', 'Mutations']]) {
      const group = document.createElement('optgroup');
      group.label = label;
      examples.forEach((example, index) => {
        if (example.kind === kind) group.append(new Option(example.title, index));
      });
      if (group.children.length) at('examples').append(group);
    }
  }

  at('examples').addEventListener('change', async (event) => {
    const example = examples[event.target.value];
    event.target.value = '';
    if (example) open({ query: example.query, variables: await filled(example.variables) });
  });
  at('key-form').addEventListener('submit', (event) => {
    event.preventDefault();
    enter(at('key').value.trim());
  });
  at('key').addEventListener('input', () => {
    at('use').hidden = false;
  });
  at('forget').addEventListener('click', forget);

  listExamples();
  show(null);
  const stored = sessionStorage.getItem(KEY);
  if (stored) {
    at('key').value = stored;
    enter(stored);
  }
})();
