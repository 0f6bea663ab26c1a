"""The words of messages: our templates, and those that an organisation puts in their place.

A foreign template is text with values, conditions and a few filters. It has no loops, no calls and no arithmetic, so
its cost is bounded by its length; beside that it runs in Jinja's sandbox.
"""

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType

import structlog
from jinja2 import Environment, Template, TemplateError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from clerestory.families.escalation.model import MESSAGE_LIMIT
from clerestory.kernel.errors import Fault, Invalid, Kind
from clerestory.platform.delivery.outcome import carriable

NAMES = ("subject", "text", "html", "sms", "whatsapp")
LONGEST = 8192
_LONGEST_SAID = 60_000
_MOST_FILTERS = 30

VARIABLES = (
    "organisation",
    "environment",
    "application",
    "code",
    "severity",
    "message",
    "user_ref",
    "time",
    "count",
    "first_seen",
    "link",
    "digest",
)
"""What a template may show. `digest` is how many logs a digest stands for, and 0 in a single message."""

# The longest values that there are.
_SAMPLE: Mapping[str, object] = {
    **dict.fromkeys(VARIABLES, "x" * 256),
    "message": "x" * MESSAGE_LIMIT,
    "count": 1,
    "digest": 0,
}

# What a template of allowed parts can still do wrong: compare a text with a number, give a filter what it cannot take,
# nest deeper than Python's compiler goes.
_FAULTS = (TemplateError, TypeError, ValueError, NameError, ArithmeticError, SyntaxError, RecursionError, MemoryError)

_FILES = {"html": "html.html"}
_NODES: tuple[type[nodes.Node], ...] = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Const,
    nodes.If,
    nodes.CondExpr,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.Filter,
)
_FILTERS = frozenset({"capitalize", "default", "e", "escape", "lower", "title", "trim", "truncate", "upper"})


log = structlog.get_logger(__name__)


def _environment(*, html: bool) -> Environment:
    # A plain text has no markup to escape; the HTML of a mail has.
    return ImmutableSandboxedEnvironment(autoescape=html, trim_blocks=False, lstrip_blocks=False, auto_reload=False)


_plain = _environment(html=False)
_html = _environment(html=True)


@lru_cache(maxsize=1024)
def template(name: str, source: str | None) -> Template:
    """The organisation's template when there is a source, else ours."""
    text = source if source is not None else _OURS[name]
    return (_html if name == "html" else _plain).from_string(text)


def render(name: str, own: str | None, values: Mapping[str, object]) -> str:
    """The text by the organisation's template; by ours where theirs cannot be carried out with these values."""
    if own is not None:
        try:
            return carriable(template(name, own).render(values))
        except _FAULTS as error:
            # Others' logs share the commit with this one, and an alarm in our words is better than none.
            log.warning("escalation.template_unusable", template=name, error=type(error).__name__)
    return template(name, None).render(values)


def _ours() -> Mapping[str, str]:
    folder = files("clerestory.families.escalation.wording") / "templates"
    return MappingProxyType(
        {name: (folder / _FILES.get(name, f"{name}.txt")).read_text("utf-8").rstrip("\n") for name in NAMES}
    )


_OURS = _ours()


def check(given: Mapping[str, object]) -> None:
    """Raises Invalid with a fault for every template that an organisation may not use."""
    faults = [fault for name, source in given.items() if (fault := _fault(name, source)) is not None]
    if faults:
        raise Invalid(*faults)


def _fault(name: str, source: object) -> Fault | None:
    field = f"escalation_templates.{name}"
    if name not in NAMES:
        return Fault(field, Kind.INVALID, f"There is no such template. There are: {', '.join(NAMES)}.")
    if not isinstance(source, str) or not source.strip() or len(source) > LONGEST:
        return Fault(field, Kind.INVALID, f"A text of 1 to {LONGEST} characters is needed.")
    try:
        # Compiling computes what is constant, and "%1000000000d" % 1 is; so nothing is compiled that is not allowed.
        words = _refusal(_plain.parse(source))
        if not words and len(template(name, source).render(_SAMPLE)) > _LONGEST_SAID:
            words = "The template says too much: a long message would be repeated too often."
    except _FAULTS as error:
        words = f"The template cannot be read: {error}"
    return Fault(field, Kind.INVALID, words) if words else None


def _refusal(tree: nodes.Template) -> str:
    for node in tree.find_all(nodes.Node):
        if not isinstance(node, _NODES):
            return f"{type(node).__name__.lower()} is not allowed here: values, if and a few filters are."
        if isinstance(node, nodes.Name) and node.name not in VARIABLES:
            return f"There is no value {node.name}. There are: {', '.join(VARIABLES)}."
        if isinstance(node, nodes.Filter) and node.name not in _FILTERS:
            return f"There is no filter {node.name}. There are: {', '.join(sorted(_FILTERS))}."
    # Each goes through the whole of a value, again for every log.
    many = len(list(tree.find_all(nodes.Filter))) > _MOST_FILTERS
    return f"At most {_MOST_FILTERS} filters are allowed." if many else ""
