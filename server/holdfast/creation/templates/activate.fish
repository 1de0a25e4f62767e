# Load this file with `source .venv/bin/activate.fish` from fish.

function deactivate -d "Leave the Python environment"
    if set -q _HOLDFAST_OLD_PATH
        set -gx PATH $_HOLDFAST_OLD_PATH
        set -e _HOLDFAST_OLD_PATH
    end
    if set -q _HOLDFAST_OLD_PYTHONHOME
        set -gx PYTHONHOME $_HOLDFAST_OLD_PYTHONHOME
        set -e _HOLDFAST_OLD_PYTHONHOME
    end
    if functions -q _holdfast_old_prompt
        functions -e fish_prompt
        functions -c _holdfast_old_prompt fish_prompt
        functions -e _holdfast_old_prompt
    end
    set -e VIRTUAL_ENV
    set -e VIRTUAL_ENV_PROMPT
    if test "$argv[1]" != keep
        functions -e deactivate
    end
end

# Leave an environment that is active already.
deactivate keep

set -gx VIRTUAL_ENV @ENVIRONMENT@
set -gx VIRTUAL_ENV_PROMPT @PROMPT@

set -gx _HOLDFAST_OLD_PATH $PATH
set -gx PATH "$VIRTUAL_ENV/"@SCRIPTS@ $PATH

if set -q PYTHONHOME
    set -gx _HOLDFAST_OLD_PYTHONHOME $PYTHONHOME
    set -e PYTHONHOME
end

if test -z "$VIRTUAL_ENV_DISABLE_PROMPT"; and functions -q fish_prompt
    functions -c fish_prompt _holdfast_old_prompt
    function fish_prompt
        printf '(%s) ' $VIRTUAL_ENV_PROMPT
        _holdfast_old_prompt
    end
end
