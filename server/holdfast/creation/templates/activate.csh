# Load this file with `source .venv/bin/activate.csh` from csh or tcsh.

alias deactivate 'if ($?_HOLDFAST_OLD_PATH) setenv PATH "$_HOLDFAST_OLD_PATH"; unset _HOLDFAST_OLD_PATH; if ($?_HOLDFAST_OLD_PROMPT) set prompt="$_HOLDFAST_OLD_PROMPT:q"; unset _HOLDFAST_OLD_PROMPT; unsetenv VIRTUAL_ENV; unsetenv VIRTUAL_ENV_PROMPT; rehash; if ("\!:*" != "keep") unalias deactivate'

# Leave an environment that is active already.
deactivate keep

setenv VIRTUAL_ENV @ENVIRONMENT@
setenv VIRTUAL_ENV_PROMPT @PROMPT@

set _HOLDFAST_OLD_PATH="$PATH:q"
setenv PATH "${VIRTUAL_ENV:q}/"@SCRIPTS@":${PATH:q}"

if (! $?VIRTUAL_ENV_DISABLE_PROMPT) then
    if ($?prompt) then
        set _HOLDFAST_OLD_PROMPT="$prompt:q"
        set prompt="($VIRTUAL_ENV_PROMPT:q) $prompt:q"
    endif
endif

rehash
