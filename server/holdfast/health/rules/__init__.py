"""The rules, a file per family; `RULES` and `PROJECT_RULES` are the order in which they are asked."""

from holdfast.health.rules.config import config_malformed, home_missing
from holdfast.health.rules.interpreter import (
    interpreter_dangling,
    interpreter_denied,
    interpreter_loop,
    interpreter_missing,
)
from holdfast.health.rules.rule import ProjectRule, Rule
from holdfast.health.rules.settings import settings_misread

RULES: dict[str, Rule] = {
    "interpreter-missing": interpreter_missing,
    "interpreter-dangling": interpreter_dangling,
    "interpreter-loop": interpreter_loop,
    "interpreter-denied": interpreter_denied,
    "config-malformed": config_malformed,
    "home-missing": home_missing,
}

PROJECT_RULES: dict[str, ProjectRule] = {
    "settings-misread": settings_misread,
}

NAMES = (*RULES, *PROJECT_RULES)
"""Of all rules."""
