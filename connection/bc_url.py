"""The address of Business Central's web services on-premises: server, port and instance.

`https://server:7048/instance/ODataV4/…` (devitpro: webservices/publish-web-service).
"""

import re

from connection.errors import Mistake
from connection.sales_url import parse_sales_url

_INSTANCE = re.compile(r"/([A-Za-z0-9_-]{1,64})(?:/.*)?")


def bc_base(entered: str) -> str:
    """`https://server[:port]/instance`. Raises `Mistake`.

    https only: the access key travels with every call.
    """
    parsed = parse_sales_url(entered)
    if parsed.scheme != "https":
        raise Mistake(
            "The web services are called by https only, because the access key goes with every "
            "call.",
            "Turn SSL on for the OData services of the server instance.",
        )
    path = re.split(r"[?#]", parsed.rest, maxsplit=1)[0]
    instance = _INSTANCE.fullmatch(path)
    if instance is None:
        raise Mistake(
            "The address names no server instance.",
            "Copy an OData V4 URL from the page Web Services up to the instance, such as "
            "https://bc.contoso.com:7048/BC150.",
        )
    return f"{parsed.authority}/{instance[1]}"
