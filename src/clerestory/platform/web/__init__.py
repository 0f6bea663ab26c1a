"""HTML for people: layout, forms, static files. Server-rendered, readable without script, nothing from elsewhere."""

from clerestory.platform.web.dialect import HtmlDialect
from clerestory.platform.web.forms import Form
from clerestory.platform.web.intents import Intents, Target
from clerestory.platform.web.pages import Pages
from clerestory.platform.web.visitor import Visitor, Visitors

__all__ = ["Form", "HtmlDialect", "Intents", "Pages", "Target", "Visitor", "Visitors"]
