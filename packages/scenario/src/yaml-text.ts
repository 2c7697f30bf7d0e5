// The one place that imports the YAML library. Load it on demand.
export { LineCounter, parse as parseYaml, parseDocument } from 'yaml';
