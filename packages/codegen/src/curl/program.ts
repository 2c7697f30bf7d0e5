/** Words before a command that do not change its requests. */
const PREFIXES = /^(?:\$|!|\{|do|then|else|time|sudo|exec|command|nohup|env|noglob|\w+=.*)$/s;

/** Shell keywords whose commands run conditionally or repeatedly. */
const KEYWORDS = /^(?:for|while|until|if|elif|case|function|select)$/;
/** Shell keywords and builtins that send no requests. */
const BUILTINS = /^(?:done|fi|esac|\}|set|cd|true|:|\[|\[\[|in|exit|wait|unset|local|read)$/;

/** Programs that process the output of a command or generate its input. */
const FILTERS =
  /^(?:jq|yq|grep|head|tail|cat|less|more|tee|sed|awk|cut|sort|wc|tr|xargs|python3?|json_pp|sleep|echo|printf|column|bat|gunzip|base64|date|pygmentize|xmllint)$/;

/**
 * The words after `curl`; undefined if the command is not curl.
 * @param problems receives a problem if another command may matter
 */
export function curlArguments(words: readonly string[], problems: string[]): readonly string[] | undefined {
  const at = words.findIndex((word) => !PREFIXES.test(word));
  const program = words[at] ?? '';
  if (/(?:^|[\\/])curl(?:\.exe)?$/i.test(program)) return words.slice(at + 1);
  if (/^(?:Invoke-WebRequest|\$session)/i.test(program)) problems.push('this is PowerShell, not curl');
  else if (KEYWORDS.test(program))
    problems.push(`'${program}' is not evaluated: its commands are converted once`);
  else if (at >= 0 && !FILTERS.test(program) && !BUILTINS.test(program))
    problems.push(`'${program}' is not a curl command`);
  return undefined;
}
