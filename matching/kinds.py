"""Which rule of kind speaks about an offer: exact, constant time. Source: DOMAIN 2.1."""

from matching.nouns import Kind, OfferFacts, Pathway

_RULE_OF_KIND = {
    Kind.PREVOCATIONAL_PLACEMENT: "K-7",
    Kind.WORK_LEARN_TRACK: "K-8",
    Kind.ROLE_MODEL: "K-11",
    Kind.COACH: "K-11",
    Kind.GUEST_LESSON: "K-1",
    Kind.PEER_LESSON: "K-1",
}


def kind_rule(offer: OfferFacts, pathway: Pathway | None) -> str:
    """The one rule K that speaks about this kind of activity; the pathway matters for bpv only.

    >>> kind_rule(OfferFacts(Kind.ORIENTATION_PLACEMENT), None)
    'K-5'
    >>> kind_rule(OfferFacts(Kind.BPV), Pathway.BBL)
    'K-10'
    """
    if offer.kind in (Kind.HANDS_ON_DAY, Kind.COMMUNITY_PLACEMENT) and offer.on_school_ground:
        return "K-1"
    if offer.kind.is_visit:
        return "K-2" if offer.is_looking_only else "K-3"
    if offer.kind is Kind.HANDS_ON_DAY:
        return "K-3"
    if offer.kind is Kind.COMMUNITY_PLACEMENT:
        return "K-4"
    if offer.kind is Kind.ORIENTATION_PLACEMENT:
        return "K-6" if offer.is_looking_only else "K-5"
    if offer.kind is Kind.BPV:
        return "K-10" if pathway is Pathway.BBL else "K-9"
    return _RULE_OF_KIND[offer.kind]
