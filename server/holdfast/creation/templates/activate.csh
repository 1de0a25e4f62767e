# Load this file with `source .venv/bin/activate.csh` from csh or tcsh.

# csh expands the variables of a whole `if` at once, also those that are not set; `test … &&` does not.
alias deactivate 'test $?_holdfast_old_path != 0 && setenv PATH "$_holdfast_old_path:q" && unset _holdfast_old_path; test $?_holdfast_old_prompt != 0 && set prompt="$_holdfast_old_prompt:q" && unset _holdfast_old_prompt; unsetenv VIRTUAL_ENV; unsetenv VIRTUAL_ENV_PROMPT; rehash; test "\!:*" != keep && unalias deactivate'

# Leave an environment that is active already.
deactivate keep

setenv VIRTUAL_ENV @ENVIRONMENT@
setenv VIRTUAL_ENV_PROMPT @PROMPT@

set _holdfast_old_path="$PATH:q"
setenv PATH "${VIRTUAL_ENV:q}/"@SCRIPTS@":${PATH:q}"

if (! $?VIRTUAL_ENV_DISABLE_PROMPT && $?prompt) then
    set _holdfast_old_prompt="$prompt:q"
    set prompt="($VIRTUAL_ENV_PROMPT:q) $prompt:q"
endif

rehash
