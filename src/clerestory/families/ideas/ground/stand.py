"""Standing on ground: may the one who asks write here, now. What forbids it says so in words of its own."""

from clerestory.families.ideas.calling import Asked
from clerestory.families.ideas.ground import store
from clerestory.families.ideas.ground.model import Ground, Plot
from clerestory.families.ideas.problems import Hidden
from clerestory.families.ideas.rights.model import Deed, Role, refusal
from clerestory.kernel.errors import Forbidden, NotFound
from clerestory.platform.database import Tx

CLOSED = "This campaign takes no contributions now"
NO_VOTES = "Voting is disabled in this campaign"
NO_DEMOTES = "Demoting is disabled in this campaign"
NO_COMMENTS = "Commenting is disabled in this campaign"


async def plot_of(asked: Asked, tx: Tx, idea: int) -> Plot:
    """An idea on its ground. Raises NotFound where it is not seen."""
    plot = await store.idea(tx, asked.viewer, idea)
    if plot is None or plot.refusal(asked.viewer, Deed.READ_IDEA) is not None:
        raise NotFound
    return plot


def may_see(asked: Asked, plot: Plot, *, visible: bool) -> None:
    """Raises NotFound where a comment on the idea, hidden or not, is not seen."""
    case = plot.ground.case(visible=visible)
    if refusal(plot.ground.role(asked.viewer), Deed.READ_COMMENT, case) is not None:
        raise NotFound


def person_of(asked: Asked) -> int:
    """The member who asks. Raises Forbidden for the system itself, which contributes in nobody's name."""
    if asked.viewer.person is None:
        raise Forbidden
    return asked.viewer.person


def may_submit(asked: Asked, ground: Ground) -> None:
    """Raises what the one who asks deserves where it may submit no idea."""
    problem = refusal(ground.role(asked.viewer), Deed.CREATE_IDEA, ground.case())
    if problem is not None:
        raise problem
    in_season(asked, ground)


def may_comment(asked: Asked, plot: Plot) -> None:
    """Raises what the one who asks deserves where it may not comment on the idea."""
    problem = plot.refusal(asked.viewer, Deed.CREATE_COMMENT)
    if problem is not None:
        raise Hidden(NO_COMMENTS) if isinstance(problem, Forbidden) and not plot.ground.commenting else problem
    in_season(asked, plot.ground)


def may_vote(asked: Asked, plot: Plot, deed: Deed) -> None:
    """Raises what the one who asks deserves where it may not vote so on the idea, or on a comment there.

    Here the campaign's rules hold for its administrators too, and so does its season.
    """
    problem = plot.refusal(asked.viewer, deed)
    if problem is not None:
        if isinstance(problem, Forbidden) and not plot.ground.voting:
            raise Hidden(NO_VOTES)
        if isinstance(problem, Forbidden) and not plot.ground.demoting:
            raise Hidden(NO_DEMOTES)
        raise problem
    if not plot.ground.is_open(asked.scope.now):
        raise Hidden(CLOSED)


def in_season(asked: Asked, ground: Ground) -> None:
    """Raises Hidden where the campaign takes no contributions now; of its administrators it does."""
    if not ground.is_open(asked.scope.now) and ground.role(asked.viewer) is not Role.ADMIN:
        raise Hidden(CLOSED)
