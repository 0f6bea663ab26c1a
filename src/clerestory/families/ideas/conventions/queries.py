"""What is searched for, in SQL: terms become a text query, and a language gives it its stems."""


def terms_of(texts: str, *, weight: str = "", joint: str = "&", wanted: str = "true") -> str:
    """Each of the texts as the beginning of a word, in one text for `to_tsquery`; `wanted` passes some by `term`.

    Quoted when the accents are gone: one may have been a quote.
    """
    return f"""(SELECT string_agg(quote_literal(platform.ideas_plain(term)) || ':*{weight}', ' {joint} ')
                  FROM unnest({texts}::text[]) AS given (term)
                 WHERE {wanted})"""  # noqa: S608 - the fragments are the family's own


def query_of(language: str, terms: str) -> str:
    """The query of these terms: by the stems of the language, or as they were typed."""
    return f"(to_tsquery({stems_of(language)}, {terms}) || to_tsquery('pg_catalog.simple', {terms}))"


def stems_of(language: str) -> str:
    """PostgreSQL's configuration for a campaign's language."""
    return f"('pg_catalog.' || {language})::regconfig"
