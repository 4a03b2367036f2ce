"""What stands around a known word: is it the work, the surroundings, or changed by another word?

Heuristic, and strict: a word that another word of its piece may change is asked about. Linear in the piece.
"""

from matching.clauses import Mark, Piece
from matching.lexicon import Known, Lexicon
from matching.readings import How
from matching.small_words import CHANGING


def is_where(lexicon: Lexicon, piece: Piece, place: int) -> bool:
    """Whether it says where the work is done, and not the work: "secretaresse bij een advocaat"."""
    return _is_placed(piece, place) and any(
        token.known is not None and lexicon.is_role(token.known) for token in piece.tokens[:place]
    )


def is_doubtful(lexicon: Lexicon, piece: Piece, place: int, known: Known) -> bool:
    """Whether another word of the piece may change the meaning of this one.

    The word for a doer bears more than others: only a strange word right beside it, when there are such
    compounds ("witgoed verkoper"), another word in front with a preposition between, or one that names a
    helper or an owner.
    """
    if any(token.text in CHANGING for token in piece.tokens if token.known is not known):
        return True
    beside = [piece.tokens[near] for near in (place - 1, place + 1) if 0 <= near < len(piece.tokens)]
    if lexicon.is_role(known) and known.how is not How.SPELLING:
        is_changed = lexicon.is_narrowed(known.text) and any(token.mark is Mark.STRANGE for token in beside)
        return is_changed or _is_placed(piece, place)
    if lexicon.is_business(known):
        return _is_later(piece, place)
    return piece.has(Mark.STRANGE) or any(token.is_content for token in beside) or _is_later(piece, place)


def _is_placed(piece: Piece, place: int) -> bool:
    """Behind another known word, with "in", "bij" or the like in front."""
    before = [token for token in piece.tokens[:place] if token.mark is not Mark.SMALL]
    return any(token.mark is Mark.KNOWN for token in before) and before[-1].mark is Mark.PLACING


def _is_later(piece: Piece, place: int) -> bool:
    """Behind another known word, unless a denial stands between: "dansen niet zingen"."""
    denials = (near for near in range(place) if piece.tokens[near].mark is Mark.DENYING)
    return any(token.mark is Mark.KNOWN for token in piece.tokens[max(denials, default=0) : place])
