/** Script and style sheet of a report, which the build puts into the renderer. */
declare module 'built:page' {
  export const script: string;
  /** `sha256-…`, as in a content security policy. */
  export const scriptHash: string;
  export const style: string;
  export const styleHash: string;
}
