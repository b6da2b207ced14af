"""The language server as pygls, a client written by others, meets it.

Usage: other_client.py PROGRAM. Fails with a traceback; prints what it did otherwise.
"""

import asyncio
import sys

from lsprotocol import types
from pygls.lsp.client import LanguageClient

URI = "file:///checkout/policy.json"
POLICY = """{
  "Version": "2012-10-18",
  "Statement": { "Effect": "Allow", "Action": "s3:GetObject", "Resource": "" }
}
"""


def position(text):
    """The place of the first letter of a text of the policy."""
    before = POLICY[: POLICY.index(text)]
    return types.Position(before.count("\n"), len(before) - before.rfind("\n") - 1)


async def session(program):
    client = LanguageClient("other-client", "1")
    published = asyncio.Queue()

    @client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    def _(parameters: types.PublishDiagnosticsParams):
        published.put_nowait(parameters)

    await client.start_io(program, "lsp")
    capabilities = types.ClientCapabilities(
        general=types.GeneralClientCapabilities(
            position_encodings=[types.PositionEncodingKind.Utf8, types.PositionEncodingKind.Utf16]
        ),
        text_document=types.TextDocumentClientCapabilities(
            completion=types.CompletionClientCapabilities(
                completion_item=types.ClientCompletionItemOptions(snippet_support=True)
            )
        ),
    )
    answer = await client.initialize_async(
        types.InitializeParams(capabilities=capabilities, root_uri="file:///work")
    )
    assert answer.server_info.name == "ringfence", answer
    assert answer.capabilities.position_encoding == types.PositionEncodingKind.Utf8, answer
    client.initialized(types.InitializedParams())

    document = types.TextDocumentItem(URI, types.LanguageKind.Json, 1, POLICY)
    client.text_document_did_open(types.DidOpenTextDocumentParams(document))
    first = await published.get()
    assert (first.uri, first.version) == (URI, 1), first
    wrong = [found for found in first.diagnostics if found.code == "INVALID_VERSION"]
    assert len(wrong) == 1 and wrong[0].range.start == position('"2012-10-18"'), first
    assert wrong[0].severity == types.DiagnosticSeverity.Error, wrong

    identifier = types.TextDocumentIdentifier(URI)
    hover = await client.text_document_hover_async(
        types.HoverParams(identifier, position("GetObject"))
    )
    assert "Access level: Read" in hover.contents.value, hover

    inside_quotes = position('" }')
    completion = await client.text_document_completion_async(
        types.CompletionParams(identifier, inside_quotes)
    )
    edits = [item.text_edit for item in completion.items]
    assert "arn:aws:s3:::${1:BucketName}/${2:ObjectName}" in [edit.new_text for edit in edits], edits
    assert all(edit.range == types.Range(inside_quotes, inside_quotes) for edit in edits), edits

    actions = await client.text_document_code_action_async(
        types.CodeActionParams(
            identifier, wrong[0].range, types.CodeActionContext([wrong[0]])
        )
    )
    assert [action.title for action in actions] == ['Replace with "2012-10-17"'], actions
    edit = actions[0].edit.changes[URI][0]

    client.text_document_did_change(
        types.DidChangeTextDocumentParams(
            types.VersionedTextDocumentIdentifier(uri=URI, version=2),
            [types.TextDocumentContentChangePartial(range=edit.range, text=edit.new_text)],
        )
    )
    second = await published.get()
    assert second.version == 2, second
    assert all(found.code != "INVALID_VERSION" for found in second.diagnostics), second

    await client.shutdown_async(None)
    client.exit(None)
    await client.stop()
    print(f"{len(first.diagnostics)} diagnostics, {len(completion.items)} completions, 1 repair")


asyncio.run(asyncio.wait_for(session(sys.argv[1]), timeout=60))
