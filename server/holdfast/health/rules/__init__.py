"""The rules, a file per family; `RULES` and `PROJECT_RULES` are the order in which they are asked."""

from holdfast.health.rules.asked import python_version_unavailable, requires_python_unmet
from holdfast.health.rules.committed import environment_committed
from holdfast.health.rules.config import config_malformed, config_missing
from holdfast.health.rules.configured import setting_interpreter_missing, tool_path_missing
from holdfast.health.rules.editable import editable_target_missing
from holdfast.health.rules.fitting import architecture_mismatch, library_missing, minor_mismatch
from holdfast.health.rules.home import home_collision, home_missing, home_without_stdlib
from holdfast.health.rules.interpreter import (
    interpreter_dangling,
    interpreter_denied,
    interpreter_is_shim,
    interpreter_loop,
    interpreter_missing,
    interpreter_text_file,
)
from holdfast.health.rules.layout import alias_broken, alias_missing, lib64_broken, site_packages_missing
from holdfast.health.rules.moved import environment_moved, foreign_platform
from holdfast.health.rules.outside import interpreter_link_escapes, launcher_relative_link
from holdfast.health.rules.redirects import redirect_broken
from holdfast.health.rules.rule import ProjectRule, Rule
from holdfast.health.rules.scripts import (
    activate_stale,
    script_interpreter_missing,
    script_shebang_unusable,
)
from holdfast.health.rules.settings import settings_misread
from holdfast.health.rules.shared import setting_not_portable, setting_shadowed
from holdfast.health.rules.upgrades import (
    base_has_config,
    home_is_environment,
    interpreter_moving,
    interpreter_patch_pinned,
    version_stale,
)
from holdfast.health.rules.variables import environment_variable_breaks

DECISIVE = ("redirect-broken", "foreign-platform")
"""The rules that are asked first: where one finds something, no other is asked."""

RULES: dict[str, Rule] = {
    "redirect-broken": redirect_broken,
    "foreign-platform": foreign_platform,
    "interpreter-missing": interpreter_missing,
    "interpreter-text-file": interpreter_text_file,
    "interpreter-dangling": interpreter_dangling,
    "interpreter-loop": interpreter_loop,
    "interpreter-denied": interpreter_denied,
    "interpreter-is-shim": interpreter_is_shim,
    "architecture-mismatch": architecture_mismatch,
    "library-missing": library_missing,
    "config-missing": config_missing,
    "config-malformed": config_malformed,
    "home-missing": home_missing,
    "home-without-stdlib": home_without_stdlib,
    "home-collision": home_collision,
    "minor-mismatch": minor_mismatch,
    "site-packages-missing": site_packages_missing,
    "environment-moved": environment_moved,
    "script-interpreter-missing": script_interpreter_missing,
    "script-shebang-unusable": script_shebang_unusable,
    "activate-stale": activate_stale,
    "launcher-relative-link": launcher_relative_link,
    "interpreter-link-escapes": interpreter_link_escapes,
    "home-is-environment": home_is_environment,
    "interpreter-moving": interpreter_moving,
    "interpreter-patch-pinned": interpreter_patch_pinned,
    "base-has-config": base_has_config,
    "lib64-broken": lib64_broken,
    "alias-broken": alias_broken,
    "alias-missing": alias_missing,
    "editable-target-missing": editable_target_missing,
    "environment-committed": environment_committed,
    "requires-python-unmet": requires_python_unmet,
    "version-stale": version_stale,
}

PROJECT_RULES: dict[str, ProjectRule] = {
    "settings-misread": settings_misread,
    "python-version-unavailable": python_version_unavailable,
    "environment-variable-breaks": environment_variable_breaks,
    "setting-interpreter-missing": setting_interpreter_missing,
    "tool-path-missing": tool_path_missing,
    "setting-not-portable": setting_not_portable,
    "setting-shadowed": setting_shadowed,
}

NAMES = (*RULES, *PROJECT_RULES)
"""Of all rules."""
