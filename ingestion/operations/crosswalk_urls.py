"""Addresses under /operations/crosswalk/."""

from django.urls import path

from ingestion.operations import crosswalk, crosswalk_proposals

urlpatterns = [
    path("", crosswalk.unmapped, name="crosswalk"),
    path("unmapped/<int:key_id>/", crosswalk.unmapped_key, name="unmapped-key"),
    path(
        "unmapped/<int:key_id>/propose/",
        crosswalk_proposals.propose_key,
        name="propose-key",
    ),
    path("mappings/", crosswalk.mappings, name="crosswalk-mappings"),
    path("listings/<int:listing_id>/", crosswalk.listing, name="crosswalk-listing"),
    path("codes/<str:kind>/<int:row_id>/", crosswalk.code, name="crosswalk-code"),
    path(
        "codes/<str:kind>/<int:row_id>/end/",
        crosswalk_proposals.propose_end,
        name="propose-end",
    ),
    path(
        "codes/<str:kind>/<int:row_id>/change/",
        crosswalk_proposals.propose_change,
        name="propose-change",
    ),
    path(
        "instruments/<int:instrument_id>/issuer/",
        crosswalk_proposals.propose_issuer,
        name="propose-issuer",
    ),
    path("proposals/", crosswalk_proposals.proposals, name="proposals"),
    path("proposals/<int:proposal_id>/", crosswalk_proposals.proposal, name="proposal"),
    path(
        "proposals/<int:proposal_id>/decide/",
        crosswalk_proposals.decide,
        name="decide-proposal",
    ),
    path(
        "proposals/<int:proposal_id>/rehearse/",
        crosswalk_proposals.rehearse,
        name="rehearse-proposal",
    ),
    path(
        "proposals/<int:proposal_id>/undo/",
        crosswalk_proposals.propose_undo,
        name="propose-undo",
    ),
]
