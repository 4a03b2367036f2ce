"""What stands for an address where the address itself should not: in links, and where it must not be kept."""

import hashlib

from service.core.tokens import derived_code, same
from service.mail.models import OUTSIDE_LISTS, Stream

PROOF_LENGTH = 24


def address_hash(address: str) -> str:
    """The same for every way of writing capitals."""
    return hashlib.sha256(address.strip().lower().encode()).hexdigest()


def leaving_path(secret: str, stream: Stream, address: str) -> str:
    """The end of the link that stops a stream for its reader; the same each time, as the mail must be."""
    reader = address_hash(address)
    return f"{stream}/{reader}/{_proof(secret, stream, reader)}"


def may_leave(secret: str, stream: str, reader: str, proof: str) -> bool:
    """Whether the link was made here, for a stream that can be left."""
    is_list = stream in set(Stream) and Stream(stream) not in OUTSIDE_LISTS
    return is_list and same(proof, _proof(secret, Stream(stream), reader))


def _proof(secret: str, stream: Stream, reader: str) -> str:
    return derived_code(secret, f"leave:{stream}:{reader}", PROOF_LENGTH)
