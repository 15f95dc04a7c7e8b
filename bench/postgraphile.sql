-- What PostGraphile is given besides the tables of the service: a role that reads them, the totals
-- of the trial balance from the same maintained balances, and the documents that are open.
DO $$ BEGIN
  CREATE ROLE crane_bench LOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
DROP SCHEMA IF EXISTS bench CASCADE;
CREATE SCHEMA bench;
CREATE TYPE bench.trial_totals AS (total_debits bigint, total_credits bigint);
CREATE FUNCTION bench.trial_balance(of_organization text) RETURNS bench.trial_totals
LANGUAGE sql STABLE AS $$
  SELECT coalesce(sum(greatest(net, 0)), 0)::bigint, coalesce(sum(greatest(-net, 0)), 0)::bigint
  FROM (
    SELECT sum(base_debit - base_credit) AS net
    FROM public.balance WHERE organization_id = of_organization GROUP BY account_id
  ) AS of_account
$$;
CREATE FUNCTION bench.sent_documents(of_organization text, of_kind text)
RETURNS SETOF public.document LANGUAGE sql STABLE AS $$
  SELECT * FROM public.document
  WHERE organization_id = of_organization AND kind = of_kind AND phase = 'issued'
  ORDER BY date DESC, id DESC
$$;
GRANT USAGE ON SCHEMA public, bench TO crane_bench;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO crane_bench;
