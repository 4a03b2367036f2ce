"""What a text wants and what it wants not: the reach of "geen", "niet", "behalve" and the like.

Heuristic, and strict: where a denial might or might not reach a word, the word is neither wish nor dislike
but a question. A denial reaches the words behind it in its piece, and what "of" adds; with nothing behind it,
those before it ("kantoor vind ik niks"). "maar", "wel" and the end of the sentence end it. Linear in the
words.
"""

from collections.abc import Sequence
from enum import StrEnum

from matching.clauses import Joint, Mark, Piece
from matching.small_words import ABLE, BEING, OPENING, RATHER, WISHING

_OF_ABILITY = frozenset({"niet", "geen", "niks", "niets", "nooit", "not", "no", "never"})


class Stance(StrEnum):
    """What a text says of a word."""

    WISH = "wish"
    DISLIKE = "dislike"
    UNCLEAR = "unclear"
    IGNORED = "ignored"


def stances(pieces: Sequence[Piece]) -> list[list[Stance]]:
    """For every token of every piece of one sentence what is said of it; only those of known words count.

    "liever kok dan ober" ignores the ober.
    """
    said: list[list[Stance]] = []
    is_denied = False
    for index, piece in enumerate(pieces):
        follows = pieces[index + 1].joint if index + 1 < len(pieces) else None
        stance, is_backward = _own(piece, follows), False
        if stance is None:
            inherited = _inherited(piece) if is_denied else Stance.WISH
            said.append([inherited] * len(piece.tokens))
            is_denied = inherited is not Stance.WISH
        else:
            spoken, is_backward = stance
            said.append(spoken)
            is_denied = True
        if is_backward:
            _deny_before(pieces, said, index)
    return [_without_instead(piece, one) for piece, one in zip(pieces, said, strict=True)]


def _own(piece: Piece, follows: Joint | None) -> tuple[list[Stance], bool] | None:
    """What the piece's own denial says, and whether that reaches back; None without one."""
    denials = [place for place, token in enumerate(piece.tokens) if token.mark is Mark.DENYING]
    if _speaks_of_another(piece):
        return [Stance.UNCLEAR] * len(piece.tokens), False
    if piece.has(Mark.DOUBTING):
        is_not_only = any(token.text == "niet alleen" for token in piece.tokens) and follows is Joint.BUT
        return None if is_not_only else ([Stance.UNCLEAR] * len(piece.tokens), False)
    if not denials:
        return None
    if len(denials) > 1:
        return [Stance.UNCLEAR] * len(piece.tokens), False
    return _of_one_denial(piece, denials[0])


def _of_one_denial(piece: Piece, place: int) -> tuple[list[Stance], bool]:
    before = any(token.mark is Mark.KNOWN for token in piece.tokens[:place])
    behind = any(token.mark is Mark.KNOWN for token in piece.tokens[place + 1 :])
    strange_behind = any(token.mark is Mark.STRANGE for token in piece.tokens[place + 1 :])
    words = {word for token in piece.tokens for word in token.text.split()}
    is_of_ability = bool(words & ABLE) and piece.tokens[place].text in _OF_ABILITY
    denied = Stance.UNCLEAR if is_of_ability or (strange_behind and not behind) else Stance.DISLIKE
    if behind:
        return [Stance.WISH if index < place else denied for index in range(len(piece.tokens))], False
    return [denied] * len(piece.tokens), before and denied is Stance.DISLIKE


def _inherited(piece: Piece) -> Stance:
    """Behind a denial, without one of its own."""
    if piece.joint is Joint.BUT or piece.joint is Joint.START:
        return Stance.WISH
    if piece.joint is Joint.OR:
        return Stance.UNCLEAR if piece.says(WISHING) else Stance.DISLIKE
    begins_anew = piece.says(OPENING if piece.joint is Joint.AND else WISHING)
    return Stance.WISH if begins_anew else Stance.UNCLEAR


def _deny_before(pieces: Sequence[Piece], said: list[list[Stance]], index: int) -> None:
    """ "horeca en winkel vind ik niks": what "en" and "of" join to the denied piece is denied with it."""
    joint = pieces[index].joint
    while index > 0 and joint in (Joint.AND, Joint.OR, Joint.COMMA):
        index -= 1
        if pieces[index].says(WISHING) or pieces[index].has(Mark.DENYING):
            return
        if joint is Joint.COMMA:
            said[index] = [Stance.UNCLEAR] * len(said[index])
            return
        said[index] = [Stance.DISLIKE] * len(said[index])
        joint = pieces[index].joint


def _speaks_of_another(piece: Piece) -> bool:
    relative = next(
        (place for place, token in enumerate(piece.tokens) if token.mark is Mark.RELATIVE), len(piece.tokens)
    )
    return any(token.mark is Mark.SMALL and token.text in BEING for token in piece.tokens[relative:])


def _without_instead(piece: Piece, said: list[Stance]) -> list[Stance]:
    for place, token in enumerate(piece.tokens):
        is_choice = token.text not in ("dan", "than") or any(
            before.text in RATHER for before in piece.tokens[:place]
        )
        if token.mark is Mark.INSTEAD and is_choice:
            return said[:place] + [Stance.IGNORED] * (len(said) - place)
    return said
