"""Round every page of the portal: who looks, and what is asked. A page calls the verbs that the API calls, by `Asked`.

Pages are not counted, for they are how a person reads; nobody is shown more than the API would.
"""

from collections.abc import Awaitable, Callable, Mapping

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from clerestory.families.ideas.calling import SAFE, Asked, refuse_writing, viewer_of
from clerestory.families.ideas.conventions.parameters import Parameters, read_parameters
from clerestory.families.ideas.ground import store as grounds
from clerestory.families.ideas.ground.model import Plot
from clerestory.families.ideas.moderation.store import leads_to
from clerestory.families.ideas.rights.model import Deed
from clerestory.kernel.errors import Fault, Invalid, Kind, NotFound, Unauthenticated
from clerestory.kernel.values import MOST
from clerestory.platform.http import Endpoint
from clerestory.platform.tenancy import Scope

View = Callable[[Asked, Request], Awaitable[Response]]
IdeaView = Callable[[Asked, Request, Plot], Awaitable[Response]]

ROOT = "/ideas/"


def page(view: View) -> Endpoint:
    """The view as the shell awaits one. What nobody may see, is perhaps seen after a log-in."""

    async def endpoint(scope: Scope, request: Request) -> Response:
        viewer, is_read = viewer_of(scope.actor), request.method in SAFE
        if not is_read:
            refuse_writing(scope, viewer)
        parameters = await read_parameters(request)
        given = str(request.path_params.get("id", ""))
        asked = Asked(scope, viewer, parameters, given, request.headers, head=request.method == "HEAD")
        try:
            return await view(asked, request)
        except NotFound as problem:
            if is_read and not viewer.known:
                raise Unauthenticated from problem
            raise

    return endpoint


def idea_page(view: IdeaView) -> Endpoint:
    """The view of an idea by its number, on its ground. One that was merged leads to the other; one that is not seen
    is not there."""

    async def found(asked: Asked, request: Request) -> Response:
        number = int(asked.id)
        plot = await grounds.idea(asked.scope.direct(), asked.viewer, number) if number <= MOST else None
        if request.method in SAFE and (plot is None or not plot.visible):
            other = await leads_to(asked.scope.direct(), asked.viewer, f"D{number}")
            if other is not None:
                return RedirectResponse(f"{ROOT}{other}/", 302)
        if plot is None or plot.refusal(asked.viewer, Deed.READ_IDEA) is not None:
            raise NotFound
        return await view(asked, request, plot)

    return page(found)


def saying(**texts: str) -> Parameters:
    """Parameters of our own, for a verb that reads them."""
    return Parameters({name: [text] for name, text in texts.items()})


def back(asked: Asked, otherwise: str) -> Response:
    """To where the form says that it stood, if that is a page of the portal; else there."""
    given = asked.parameters.text("back") or ""
    is_ours = given.startswith(ROOT) and given.isascii() and given.isprintable() and "\\" not in given
    return RedirectResponse(given if is_ours else otherwise, 303)


def faults_of(problem: Invalid) -> Mapping[str, str]:
    """What is wrong, by the field that it stands at; "" for the whole form. People know fields by their labels."""
    texts: dict[str, str] = {}
    for fault in problem.faults:
        texts.setdefault(fault.field or "", _in_words(fault))
    return texts


def _in_words(fault: Fault) -> str:
    if fault.kind is Kind.MISSING:
        return "Please fill this in."
    if fault.field and fault.text.startswith(fault.field):
        return f"This{fault.text.removeprefix(fault.field)}."
    return fault.text
