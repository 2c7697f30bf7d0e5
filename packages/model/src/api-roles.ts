/** Roles of tokens of the control API, each with the rights of those before it. */
export const API_ROLES = ['view', 'run', 'admin'] as const;
export type ApiRole = (typeof API_ROLES)[number];

/** What a role allows, for messages. */
export const ROLE_RIGHTS: Readonly<Record<ApiRole, string>> = {
  view: 'viewing',
  run: 'running',
  admin: 'administration',
};

/** Whether a role has the rights of another one. */
export function includesRole(role: ApiRole, needed: ApiRole): boolean {
  return API_ROLES.indexOf(role) >= API_ROLES.indexOf(needed);
}

/** A token of the control API for each role. */
export type RoleTokens = Readonly<Partial<Record<ApiRole, string>> & Record<'admin', string>>;
