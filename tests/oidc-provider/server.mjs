// Serves `oidc-provider`, an OpenID provider that nobody here wrote, with its own development pages for sign-in.
//
//   PORT    where it listens on this machine; 4477 where nothing is said, 0 for any port that is free
//   BREAK   a way of being wrong on purpose, one of those in `broken.mjs`; none where nothing is said
//
// Its keys are made at each start, what it knows is gone when it stops, and its secrets are fixed and fake. It prints
// `listening at URL` once it answers.
import { generateKeyPair } from 'node:crypto';
import { createServer } from 'node:http';
import { promisify } from 'node:util';

import { Provider } from 'oidc-provider';

import { BROKEN, faults } from './broken.mjs';

const REDIRECT = 'https://client.example/callback';

const wanted = process.env.BREAK ?? '';
if (wanted !== '' && !(wanted in BROKEN)) {
  console.error(`BREAK=${wanted} is not known; known are ${Object.keys(BROKEN).join(', ')}`);
  process.exit(2);
}
const fault = faults(wanted);

/** A fresh private key as a JSON Web Key. */
async function key(kid) {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  return { ...privateKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'RS256' };
}

const signing = await key('signing');
const foreign = fault.needsAnotherKey ? await key('signing') : undefined;

const server = createServer();
await new Promise((resolve) => server.listen(Number(process.env.PORT ?? 4477), '127.0.0.1', resolve));
const issuer = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(issuer, {
  jwks: { keys: [signing] },
  clients: [
    {
      client_id: 'machine',
      client_secret: 'not-a-secret-machine',
      // It may exchange codes too, so that one of another client is refused for that alone.
      grant_types: fault.grants(['client_credentials', 'authorization_code', 'refresh_token']),
      response_types: ['code'],
      redirect_uris: [REDIRECT],
    },
    {
      client_id: 'web',
      client_secret: 'not-a-secret-web',
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      redirect_uris: [REDIRECT],
    },
  ],
  cookies: { keys: ['not-a-secret-cookie'], long: { sameSite: 'none' } },
  enableHttpPostMethods: true,   // Core 3.1.2.1 asks for it, and the package does it only where it is told to
  // Whoever signs in is known by the name that they gave; the development page takes any password.
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, email: `${id}@example.com` }) }),
  claims: { openid: ['sub'], email: ['email'] },
  pkce: { required: () => fault.requiresPkce },
  features: {
    clientCredentials: { enabled: true },
    devInteractions: { enabled: true },
    introspection: { enabled: true },
    revocation: { enabled: true },
  },
  ttl: {
    AccessToken: 600, AuthorizationCode: 60, ClientCredentials: 600, Grant: 600, IdToken: 600, Interaction: 600,
    RefreshToken: 600, Session: 600,
  },
});
provider.use(fault.middleware({ issuer, signing, foreign, redirect: REDIRECT }));
server.on('request', provider.callback());
console.log(`listening at ${issuer}`);

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => process.exit(0));
}
