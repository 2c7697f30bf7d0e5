import { OUTPUT_CREDENTIALS } from '@drumline/model';
import { conditionText, operand } from '../tree/helm.js';
import { LISTS_OF_OUTPUTS, passwordInOutput } from '../values/output-passwords.js';
import { RESERVED, reservedProblem } from '../values/reserved.js';
import { RULES } from '../values/rules.js';
import { MAX_NAME_LENGTH, NAME_PATTERN } from '../values/values.js';

/** Names for the templates. The rules are those of `fullNameOf` and of the value `name`. */
export const HELPERS = `{{/* The run, which is the instance of all labels. */}}
{{- define "drumline.name" -}}
{{- $name := .Values.name | default .Release.Name -}}
{{- if not (regexMatch ${JSON.stringify(NAME_PATTERN.source)} $name) -}}
{{- fail (printf "name: %q must have at most ${MAX_NAME_LENGTH} lowercase letters, digits and -, and begin with a letter; it is the name of the release unless --set name=… gives another" $name) -}}
{{- end -}}
{{- $name -}}
{{- end -}}

{{/* The beginning of all names. */}}
{{- define "drumline.fullName" -}}
{{- $name := include "drumline.name" . -}}
{{- if or (eq $name "drumline") (hasPrefix "drumline-" $name) -}}
{{- $name -}}
{{- else -}}
drumline-{{ $name }}
{{- end -}}
{{- end -}}

{{- define "drumline.chart" -}}
{{- printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" -}}
{{- end -}}
`;

/** Refuses values that exclude each other. */
export const RULES_TEMPLATE = [
  ...RULES.map(({ when, problem }) => [conditionText(when), JSON.stringify(problem)]),
  [
    'and .Values.scenario.files (not (hasKey .Values.scenario.files (base .Values.scenario.path)))',
    '(printf "scenario.path: %s is not in scenario.files" (base .Values.scenario.path))',
  ],
]
  .map(([condition, problem]) => `{{- if ${condition} }}\n{{- fail ${problem} }}\n{{- end }}\n`)
  .concat(RESERVED.map(reservedTemplate))
  .concat(LISTS_OF_OUTPUTS.map(passwordTemplate))
  .join('');

function reservedTemplate(reserved: (typeof RESERVED)[number]): string {
  const { path, keys, when } = reserved;
  const found = `hasKey ($.Values.${path} | default dict) $key`;
  const lines = [
    `{{- range $key := list ${keys.map((key) => JSON.stringify(key)).join(' ')} }}`,
    `{{- if ${when ? `and ${operand(when).replaceAll('.Values', '$.Values')} (${found})` : found} }}`,
    `{{- fail (printf ${JSON.stringify(reservedProblem(reserved, '%s'))} $key) }}`,
    '{{- end }}',
    '{{- end }}',
  ];
  return `${lines.join('\n')}\n`;
}

function passwordTemplate(list: (typeof LISTS_OF_OUTPUTS)[number]): string {
  const lines = [
    `{{- range .Values.outputs.${list} }}`,
    `{{- if regexMatch ${JSON.stringify(OUTPUT_CREDENTIALS.source)} . }}`,
    `{{- fail (printf ${JSON.stringify(passwordInOutput(list, '%s'))} (regexFind "^[a-z0-9-]*" .)) }}`,
    '{{- end }}',
    '{{- end }}',
  ];
  return `${lines.join('\n')}\n`;
}

/** What \`helm install\` prints. */
export const NOTES = `{{- $master := printf "%s-master" (include "drumline.fullName" .) -}}
{{- $pods := printf "-n %s -l app.kubernetes.io/instance=%s" .Release.Namespace (include "drumline.name" .) -}}
Pods wait until the Secret {{ .Values.secret }} exists. If it does not, create it:

  drumline token --env | kubectl -n {{ .Release.Namespace }} create secret generic {{ .Values.secret }} --from-env-file=/dev/stdin

Watch the pods:

  kubectl get pods {{ $pods }} --watch
{{ if eq .Values.mode "service" }}
Submit runs:

  kubectl -n {{ .Release.Namespace }} port-forward svc/{{ $master }} 8089 &
  export DRUMLINE_API_TOKEN="$(kubectl -n {{ .Release.Namespace }} get secret {{ .Values.secret }} -o jsonpath='{.data.DRUMLINE_API_TOKEN}' | base64 -d)"
  drumline submit scenario.ts --watch

Change the number of workers:

  kubectl -n {{ .Release.Namespace }} scale deployment {{ include "drumline.fullName" . }}-worker --replicas=10
{{ else }}
{{- if not (or .Values.scenario.files .Values.scenario.configMap) }}
The master waits {{ .Values.master.submitWithin }} for a submission:

  kubectl -n {{ .Release.Namespace }} port-forward job/{{ $master }} 8089 &
  export DRUMLINE_API_TOKEN="$(kubectl -n {{ .Release.Namespace }} get secret {{ .Values.secret }} -o jsonpath='{.data.DRUMLINE_API_TOKEN}' | base64 -d)"
  drumline submit scenario.ts --watch
{{ end }}
Follow the run. The Job completes if the run has passed, and fails otherwise:

  kubectl -n {{ .Release.Namespace }} logs -f job/{{ $master }}

Jobs cannot be changed. For the next run, \`helm uninstall {{ .Release.Name }}\` and install again.
{{ end -}}
{{- if .Values.results.persistent }}
The volume claim with the results stays after \`helm uninstall\`.
{{- end }}
`;
