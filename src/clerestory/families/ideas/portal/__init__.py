"""The portal: campaigns and their ideas as pages, for people and for nobody where a campaign is public.

A page asks the verbs that the API asks, so neither shows or takes what the other does not.
"""

import re

from clerestory.families.ideas.files.attach import ATTACHED, ATTACHED_TO_COMMENT
from clerestory.families.ideas.files.model import PHOTO
from clerestory.families.ideas.portal import act, campaigns, feed, ideas, moderate, people, setup, submit
from clerestory.families.ideas.portal.call import idea_page, page
from clerestory.platform.http import Access, Route, Surface, Uploads
from clerestory.platform.web import HtmlDialect

ROUTES = (
    Route("GET", "/D{id:int}", idea_page(ideas.get_short), Access.NAMED),
    Route("GET", "/ideas/", page(campaigns.get_campaigns), Access.NAMED),
    Route("GET", "/ideas/campaigns/{id}/", page(campaigns.get_campaign), Access.NAMED),
    Route("GET", "/ideas/campaigns/{id}/roadmap/", page(campaigns.get_roadmap), Access.NAMED),
    Route("GET", "/ideas/campaigns/{id}/new/", page(submit.get_new), Access.NAMED),
    Route("POST", "/ideas/campaigns/{id}/new/", page(submit.post_new), Access.NAMED, uploads=ATTACHED),
    Route("GET", "/ideas/D{id:int}/edit/", idea_page(submit.get_edit), Access.NAMED),
    Route("POST", "/ideas/D{id:int}/edit/", idea_page(submit.post_edit), Access.NAMED),
    Route("GET", "/ideas/D{id:int}/", idea_page(ideas.get_idea), Access.NAMED),
    Route("POST", "/ideas/D{id:int}/vote/", idea_page(act.post_vote), Access.NAMED),
    Route("POST", "/ideas/D{id:int}/chips/", idea_page(act.post_chips), Access.NAMED),
    Route(
        "POST",
        "/ideas/D{id:int}/comments/",
        idea_page(act.post_comment),
        Access.NAMED,
        uploads=ATTACHED_TO_COMMENT,
    ),
    Route("POST", "/ideas/D{id:int}/status/", idea_page(act.post_status), Access.NAMED),
    Route("POST", "/ideas/D{id:int}/visible/", idea_page(act.post_visible), Access.NAMED),
    Route("GET", "/ideas/D{id:int}/moderation/", idea_page(moderate.get_idea), Access.NAMED),
    Route("POST", "/ideas/D{id:int}/merge/", idea_page(moderate.post_merge), Access.NAMED),
    Route("POST", "/ideas/D{id:int}/move/", idea_page(moderate.post_move), Access.NAMED),
    Route("GET", "/ideas/moderation/", page(moderate.get_queue), Access.NAMED),
    Route("POST", "/ideas/comments/{id}/vote/", page(act.post_comment_vote), Access.NAMED),
    Route("POST", "/ideas/comments/{id}/visible/", page(act.post_comment_visible), Access.NAMED),
    Route("GET", "/ideas/new/", page(submit.get_start), Access.NAMED),
    Route("GET", "/ideas/activity/", page(feed.get_feed), Access.NAMED),
    Route("GET", "/ideas/members/{id}/", page(people.get_member), Access.NAMED),
    Route("GET", "/ideas/members/{id}/edit/", page(people.get_profile), Access.NAMED),
    Route("POST", "/ideas/members/{id}/edit/", page(people.post_profile), Access.NAMED),
    Route(
        "POST",
        "/ideas/members/{id}/photo/",
        page(people.post_photo),
        Access.NAMED,
        uploads=Uploads(PHOTO.files, PHOTO.file_bytes),
    ),
    Route("GET", "/ideas/setup/{kind}/new/", page(setup.get_new), Access.NAMED),
    Route("POST", "/ideas/setup/{kind}/new/", page(setup.post_new), Access.NAMED),
    Route("GET", "/ideas/setup/{kind}/{id:int}/", page(setup.get_record), Access.NAMED),
    Route("POST", "/ideas/setup/{kind}/{id:int}/", page(setup.post_record), Access.NAMED),
    Route("POST", "/ideas/setup/{kind}/{id:int}/remove/", page(setup.post_remove), Access.NAMED),
    Route("GET", "/ideas/files/{id}/", page(ideas.get_file), Access.NAMED),
)

SURFACE = Surface(
    name="ideas-portal",
    prefixes=("/ideas",),
    dialect=HtmlDialect(),
    routes=ROUTES,
    documented=False,
    shaped=(re.compile(r"/D[0-9]+"),),
)
