/** What was encrypted, with what it needs to be opened again. */
export interface Sealed {
  iv: Uint8Array<ArrayBuffer>;
  text: ArrayBuffer;
}

/** newKey makes a key that this browser can use and nobody can read out. */
export const newKey = (): Promise<CryptoKey> => crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);

// The name is bound to it: what was sealed as one draft does not open as another.
const cipher = (iv: Uint8Array<ArrayBuffer>, name: string) => ({ name: 'AES-GCM', iv, additionalData: new TextEncoder().encode(name) });

export async function seal(key: CryptoKey, name: string, value: unknown): Promise<Sealed> {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  return { iv, text: await crypto.subtle.encrypt(cipher(iv, name), key, new TextEncoder().encode(JSON.stringify(value))) };
}

/** unseal throws if it was sealed with another key or name, or was changed. */
export async function unseal(key: CryptoKey, name: string, { iv, text }: Sealed): Promise<unknown> {
  return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt(cipher(iv, name), key, text)));
}
