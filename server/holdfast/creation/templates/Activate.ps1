# Load this file with `. .venv/bin/Activate.ps1` from PowerShell.

function global:deactivate([switch]$Keep) {
    if (Test-Path variable:global:_HoldfastOldPath) {
        $env:PATH = $global:_HoldfastOldPath
        Remove-Variable -Scope Global _HoldfastOldPath
    }
    if (Test-Path variable:global:_HoldfastOldPythonHome) {
        $env:PYTHONHOME = $global:_HoldfastOldPythonHome
        Remove-Variable -Scope Global _HoldfastOldPythonHome
    }
    if (Test-Path function:global:_HoldfastOldPrompt) {
        Copy-Item function:global:_HoldfastOldPrompt function:global:prompt
        Remove-Item function:global:_HoldfastOldPrompt
    }
    Remove-Item env:VIRTUAL_ENV, env:VIRTUAL_ENV_PROMPT -ErrorAction SilentlyContinue
    if (-not $Keep) { Remove-Item function:global:deactivate }
}

# Leave an environment that is active already.
deactivate -Keep

$env:VIRTUAL_ENV = @ENVIRONMENT@
$env:VIRTUAL_ENV_PROMPT = @PROMPT@

$global:_HoldfastOldPath = $env:PATH
$env:PATH = (Join-Path $env:VIRTUAL_ENV @SCRIPTS@) + [IO.Path]::PathSeparator + $env:PATH

if (Test-Path env:PYTHONHOME) {
    $global:_HoldfastOldPythonHome = $env:PYTHONHOME
    Remove-Item env:PYTHONHOME
}

if (-not $env:VIRTUAL_ENV_DISABLE_PROMPT) {
    Copy-Item function:prompt function:global:_HoldfastOldPrompt
    function global:prompt { "($env:VIRTUAL_ENV_PROMPT) " + (_HoldfastOldPrompt) }
}
