"""A public bucket with its listing in XML (ListObjectsV2), in pages."""

from collections.abc import Mapping

from servers.server import Request, Response, Server

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
)


class Bucket(Server):
    """Objects by key; `page` is the number of keys in one answer."""

    def __init__(self, objects: Mapping[str, bytes], page: int = 10) -> None:
        super().__init__({f"/{key}": content for key, content in objects.items()})
        self.page = page

    def respond(self, request: Request) -> Response:
        """Return an object or a page of the listing."""
        if request.path != "/":
            return super().respond(request)
        if request.query.get("list-type") != "2":
            return Response(b"<Error><Code>AccessDenied</Code></Error>", 403)
        prefix = request.query.get("prefix", "")
        if prefix.count("/") < 2 or not prefix.endswith("/"):
            return Response(b"<Error><Code>no folder of a product</Code></Error>", 400)
        keys = sorted(k[1:] for k in self.files if k[1:].startswith(prefix))
        start = int(request.query.get("continuation-token", 0))
        shown, more = keys[start : start + self.page], start + self.page < len(keys)
        rows = "".join(
            f"<Contents><Key>{k}</Key><Size>{len(self.files['/' + k])}</Size></Contents>"
            for k in shown
        )
        token = f"<NextContinuationToken>{start + self.page}</NextContinuationToken>" * more
        text = f"{HEAD}<IsTruncated>{str(more).lower()}</IsTruncated>{token}{rows}"
        body = f"{text}</ListBucketResult>".encode()
        return Response(body, headers={"Content-Type": "application/xml"})
