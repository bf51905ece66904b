"""What a page says about itself at its end."""

from typing import Any

from django import template
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag(takes_context=True)
def page_title(context: Any) -> SafeString:
    """What stands in the block "title" of the page."""
    blocks = context.render_context.get(BLOCK_CONTEXT_KEY)
    block = blocks.get_block("title") if blocks else None
    title: SafeString = block.nodelist.render(context) if block else SafeString()
    return title
