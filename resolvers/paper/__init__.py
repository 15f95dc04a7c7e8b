"""Paper: the page that a document is sent on, as a PDF.

`page` says in words and figures what stands on it, `languages` and `addresses` how that is
written, `press` sets it by the layout in `layout.typ`, `logos` looks at the picture on it, and
`einvoice` adds the same invoice for machines. A page is made of the document and of the copies
frozen with it, of nothing else: so one document always gives the same bytes, today or in ten
years, with the same release of typst.

What callers wrote reaches typst as JSON, never as markup. The root that it may read holds
nothing but the logo, its fonts are those in its wheel, and it loads no packages.
"""
