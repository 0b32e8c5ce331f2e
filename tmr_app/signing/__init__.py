"""The signing room: freeze a document, collect the signatures under exactly these bytes, seal it, verify it.

It knows neither minutes nor closing forms: a room above registers a *kind* (what is printed, what is signed, what happens
then) and calls four operations. Everything else (the sign page, the three ways of signing, mails, the seal, verification,
the list "to sign" of my work) comes from here.

    # once, when the room's module is loaded (meetings/minutes_kind.py is the example to copy)
    register_kind(DocumentKind(
        word="closing_form",                                 # lasting: it is part of every hash
        title=Message("Closing form"),
        statement=Message("I have read the closing form and I sign it."),
        statement_absent=Message("I took no part, I have read the closing form and I sign it as absent."),
        build=lambda content: closing.build(frozen.decode(content)),   # stored JSON -> documents.content.Document
        home=lambda version: f"/cases/{version.case_id}/closing",      # where people go back to
        when_complete=..., when_sealed=..., when_refused=...,           # (session, version, now), same unit of work
    ))

    version = freezing.freeze(session, actor, now, kind="closing_form", subject_id=closure.id, case_id=case.id,
                              reference=code, language=case.language, content=frozen.encode(values),
                              signers=[Signer(person_id=..., name=..., institution=..., function=..., absent=False)])
    freezing.open_for_signing(session, actor, now, version=version)    # mails a link to each signer
    url_for("signing.show", case_id=case.id, version_id=version.id)     # or municipality_id=... for "signing.general"
    queries.newest(session, "closing_form", closure.id)                # .state, .number, .code, .sealed_at
    queries.progress(session, [version.id])                            # (signed, expected) by version, one statement

Exactly one of `case_id` and `municipality_id` is given: its data key seals everything. A second `freeze` for the same kind
and subject makes version n+1 and supersedes version n, whose signatures stay valid for version n and do not move. A sealed
version is never replaced: freeze another kind ("corrigendum") that cites `version.seal_sha256`.

States: circulated -> signing -> sealed, or superseded, or incomplete (with a reason for each person missing).
Whoever holds a slot reaches the sign page, also after the seat has ended (`signing.grants`); a recused person never.
"""
