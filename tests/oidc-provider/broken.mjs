// Ways in which the provider is wrong on purpose, each with the requirement of `specs/oidc` that must notice.
//
// A fault changes the configuration, what the provider is asked (`before`) or what it answers (`after`); the package
// itself is never touched.

/** How the provider is configured, and what stands in front of it, where nothing is wrong. */
const SOUND = { requiresPkce: true, needsAnotherKey: false, grants: (all) => all, before: () => {}, after: () => {} };

const isToken = (ctx) => ctx.path === '/token' && ctx.status === 200;
const at = (path, change) => ({ after: (ctx, made) => { if (ctx.path === path) change(ctx, made); } });
const inJson = (path, change) => at(path, (ctx, made) => { ctx.body = { ...ctx.body, ...change(ctx.body, made) }; });
const withoutQuery = (name) => ({
  before: (ctx) => {
    const { [name]: _, ...rest } = ctx.query;
    if (ctx.path === '/auth') ctx.query = rest;
  },
});

/** What was given for a code last, which `forgiving-grants` gives again. */
let last;

export const BROKEN = {
  'wrong-issuer': {
    noticed: 'OIDC-DISC-2',
    ...inJson('/.well-known/openid-configuration', (_, { issuer }) => ({ issuer: `${issuer}/other` })),
  },
  'no-jwks-uri': {
    noticed: 'OIDC-DISC-3',
    ...inJson('/.well-known/openid-configuration', () => ({ jwks_uri: undefined })),
  },
  'private-keys': { noticed: 'JWKS-2', ...inJson('/jwks', (_, { signing }) => ({ keys: [signing] })) },
  'no-client-credentials': {
    noticed: 'OAUTH-CC-1',
    grants: (all) => all.filter((grant) => grant !== 'client_credentials'),
  },
  'cacheable-tokens': {
    noticed: 'OAUTH-TOK-2',
    after: (ctx) => { if (isToken(ctx)) ctx.set('cache-control', 'public, max-age=60'); },
  },
  'vague-errors': {
    noticed: 'OAUTH-ERR-2',
    ...inJson('/token', ({ error }) => (error ? { error: 'server_error' } : {})),
  },
  'silent-refusals': { noticed: 'OAUTH-ERR-3', after: (ctx) => ctx.remove('www-authenticate') },
  'silent-userinfo': { noticed: 'BEARER-1', ...at('/me', (ctx) => ctx.remove('www-authenticate')) },
  'everything-is-active': {
    noticed: 'INTROSPECT-2',
    ...inJson('/token/introspection', ({ error }) => (error ? {} : { active: true })),
  },
  'open-introspection': {
    noticed: 'INTROSPECT-3',
    ...at('/token/introspection', (ctx) => {
      if (ctx.status >= 400) Object.assign(ctx, { status: 200, body: { active: false } });
    }),
  },
  'open-redirect': {
    noticed: 'AUTH-2',
    ...at('/auth', (ctx) => { if (ctx.status >= 400) ctx.redirect(ctx.query.redirect_uri); }),
  },
  'lost-state': { noticed: 'AUTH-4', ...withoutQuery('state') },
  'pkce-optional': { noticed: 'PKCE-1', requiresPkce: false },
  'pkce-unchecked': {
    noticed: 'PKCE-2',
    requiresPkce: false,
    before: async (ctx) => {
      withoutQuery('code_challenge').before(ctx);
      withoutQuery('code_challenge_method').before(ctx);
      if (ctx.path !== '/token') return;
      const chunks = [];
      for await (const chunk of ctx.req) chunks.push(chunk);
      ctx.req.body = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString()));
      delete ctx.req.body.code_verifier;
    },
  },
  'forgiving-grants': {
    noticed: 'CODE-2',
    ...at('/token', (ctx) => {
      if (ctx.body.id_token) last = ctx.body;
      else if (ctx.body.error === 'invalid_grant' && last) Object.assign(ctx, { status: 200, body: last });
    }),
  },
  'foreign-key': {
    noticed: 'ID-1',
    needsAnotherKey: true,
    ...inJson('/jwks', (_, { foreign: { kty, n, e, kid, use, alg } }) => ({ keys: [{ kty, n, e, kid, use, alg }] })),
  },
  'lost-nonce': { noticed: 'ID-3', ...withoutQuery('nonce') },
  'other-subject': { noticed: 'USERINFO-1', ...inJson('/me', ({ sub }) => (sub ? { sub: 'someone-else' } : {})) },
};

/** What is wrong under this name; nothing under the empty one. `made` is what the server has made at its start. */
export function faults(name) {
  const fault = { ...SOUND, ...BROKEN[name] };
  return {
    ...fault,
    middleware: (made) => async (ctx, next) => {
      await fault.before(ctx, made);
      await next();
      fault.after(ctx, made);
    },
  };
}
