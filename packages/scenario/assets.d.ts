// Data files that a scenario can import. They are part of the bundle, so workers need no files.
declare module '*.csv' {
  const text: string;
  export default text;
}
declare module '*.txt' {
  const text: string;
  export default text;
}
declare module '*.html' {
  const text: string;
  export default text;
}
declare module '*.graphql' {
  const text: string;
  export default text;
}
declare module '*.pem' {
  const text: string;
  export default text;
}
declare module '*.crt' {
  const text: string;
  export default text;
}
declare module '*.key' {
  const text: string;
  export default text;
}
declare module '*.bin' {
  const bytes: Uint8Array;
  export default bytes;
}
