import { expect, it } from 'vitest';
import { newKey, seal, unseal } from './seal';

const typed = { victims: [{ name: 'Nguyễn Văn An' }] };

it('opens what it sealed, and nothing is to be read of it in between', async () => {
  const key = await newKey();
  const sealed = await seal(key, 'a', typed);
  expect(Buffer.from(sealed.text).toString()).not.toContain('Nguy');
  expect(await unseal(key, 'a', sealed)).toEqual(typed);
});

it('has a key that cannot be taken out', async () => {
  await expect(crypto.subtle.exportKey('raw', await newKey())).rejects.toThrow();
});

it('does not open with another key, under another name, or changed', async () => {
  const key = await newKey();
  const sealed = await seal(key, 'a', typed);
  await expect(unseal(await newKey(), 'a', sealed)).rejects.toThrow();
  await expect(unseal(key, 'b', sealed)).rejects.toThrow();
  new Uint8Array(sealed.text)[0]! ^= 1;
  await expect(unseal(key, 'a', sealed)).rejects.toThrow();
});
