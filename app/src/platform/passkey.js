// What web-sys keeps behind an unstable flag: the PRF extension of WebAuthn, a secret that only the person's fingerprint,
// face or device code brings out of the device. Each answers undefined when there is no such secret to be had.

const challenge = () => crypto.getRandomValues(new Uint8Array(32));

export async function available() {
  const passkeys = globalThis.PublicKeyCredential;
  if (!(await passkeys?.isUserVerifyingPlatformAuthenticatorAvailable?.())) return false;
  const capabilities = await passkeys.getClientCapabilities?.();
  return capabilities?.['extension:prf'] !== false;
}

// The id of a new passkey, or undefined when it has no PRF.
export async function create(user, name, input) {
  const credential = await navigator.credentials.create({
    publicKey: {
      challenge: challenge(),
      rp: { name: 'Liaison' },
      user: { id: user, name, displayName: name },
      pubKeyCredParams: [{ type: 'public-key', alg: -7 }, { type: 'public-key', alg: -257 }],
      authenticatorSelection: { authenticatorAttachment: 'platform', userVerification: 'required' },
      extensions: { prf: { eval: { first: input } } },
    },
  });
  const { prf } = credential.getClientExtensionResults();
  return prf?.enabled || prf?.results ? new Uint8Array(credential.rawId) : undefined;
}

export async function secret(id, input) {
  const credential = await navigator.credentials.get({
    publicKey: {
      challenge: challenge(),
      allowCredentials: [{ type: 'public-key', id, transports: ['internal'] }],
      userVerification: 'required',
      extensions: { prf: { eval: { first: input } } },
    },
  });
  const first = credential.getClientExtensionResults().prf?.results?.first;
  return first && new Uint8Array(first);
}
