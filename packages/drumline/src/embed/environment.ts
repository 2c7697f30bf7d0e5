/** Variables that programs need to start, to find files, to print text and to reach servers. */
const INHERITED = new Set(
  [
    'PATH HOME USER LOGNAME SHELL TMPDIR TMP TEMP TZ LANG LANGUAGE',
    'NODE_PATH NODE_EXTRA_CA_CERTS SSL_CERT_FILE SSL_CERT_DIR LD_LIBRARY_PATH',
    'HTTP_PROXY HTTPS_PROXY NO_PROXY ALL_PROXY',
    // Windows cannot start programs without some of these.
    'SYSTEMROOT SYSTEMDRIVE WINDIR COMSPEC PATHEXT PROGRAMDATA PROGRAMFILES',
    'APPDATA LOCALAPPDATA USERPROFILE USERNAME NUMBER_OF_PROCESSORS PROCESSOR_ARCHITECTURE',
  ].flatMap((line) => line.split(' ')),
);

/**
 * The environment of the processes of a run. The scenario must not see the credentials of the
 * program that embeds it, and options of Node, such as a debugger, are not for the lanes.
 */
export function environmentOfRun(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => INHERITED.has(name.toUpperCase()) || name.startsWith('LC_')),
  );
}
