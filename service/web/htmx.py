"""What HTMX asks and what it is answered."""

from starlette.requests import Request


def is_partial(request: Request) -> bool:
    """HTMX wants a block of the page, unless it walks the browser's history."""
    return request.headers.get("hx-request") == "true" and not request.headers.get(
        "hx-history-restore-request"
    )
