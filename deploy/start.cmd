@echo off
rem matchhub on an office PC with Windows: double-click to start, Ctrl-C or the window's cross to stop.
rem Data lie in %LOCALAPPDATA%\matchhub, which this user alone may read. Other computers of the office reach it only
rem when MATCHHUB_LISTEN is set to this PC's address and the firewall lets port 8000 in.
setlocal
chcp 65001 >nul
set PYTHONUTF8=1
cd /d "%~dp0.."
if not defined MATCHHUB_HOME set "MATCHHUB_HOME=%LOCALAPPDATA%\matchhub"
if not defined MATCHHUB_LISTEN set "MATCHHUB_LISTEN=127.0.0.1"
where py >nul 2>nul && (set "PY=py -3") || (set "PY=python")
%PY% -c "import sys; sys.exit(sys.version_info < (3, 11))" >nul 2>nul
if errorlevel 1 (
  echo 需要 Python 3.11 或更新版本，请从 https://www.python.org/downloads/windows/ 安装后重试。
  echo Python 3.11 or newer is needed: install it from https://www.python.org/downloads/windows/ and try again.
  pause
  exit /b 1
)
%PY% run.py matchhub up --empty --host %MATCHHUB_LISTEN% --port 8000
if errorlevel 1 pause
endlocal
