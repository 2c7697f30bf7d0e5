/** Words before a command that do not change what it sends. */
const PREFIXES = /^(?:\$|!|\{|do|then|else|time|sudo|exec|command|nohup|env|noglob|\w+=.*)$/s;

/** Shell keywords, which are not commands. */
const CONTROL = /^(?:for|while|until|if|elif|case|function|select)$/;
const ENDS = /^(?:done|fi|esac|\}|set|cd|true|:|\[|\[\[|in|exit|wait|unset|local|read)$/;

/** Programs that work on the output of another, or make its input. */
const AROUND =
  /^(?:jq|yq|grep|head|tail|cat|less|more|tee|sed|awk|cut|sort|wc|tr|xargs|python3?|json_pp|sleep|echo|printf|column|bat|gunzip|base64|date|pygmentize|xmllint)$/;

/**
 * The words after `curl`; undefined if a command is none.
 * @param problems gets what a command would have done, unless it is known not to matter
 */
export function curlArguments(words: readonly string[], problems: string[]): readonly string[] | undefined {
  const at = words.findIndex((word) => !PREFIXES.test(word));
  const program = words[at] ?? '';
  if (/(?:^|[\\/])curl(?:\.exe)?$/i.test(program)) return words.slice(at + 1);
  if (/^(?:Invoke-WebRequest|\$session)/i.test(program)) problems.push('this is PowerShell, not curl');
  else if (CONTROL.test(program))
    problems.push(`'${program}' is not evaluated: its commands are converted once`);
  else if (at >= 0 && !AROUND.test(program) && !ENDS.test(program))
    problems.push(`'${program}' is not a curl command`);
  return undefined;
}
