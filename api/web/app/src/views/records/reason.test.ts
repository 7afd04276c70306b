import { expect, it } from 'vitest';
import { headerOf, validReference } from './reason';

it('writes a reason as the header has it', () => {
  expect(headerOf({ code: 'inspection', reference: '' })).toBe('inspection');
  expect(headerOf({ code: 'inspection', reference: 'QD-123/2025' })).toBe('inspection; QD-123/2025');
});

it('refuses a number that the API would refuse', () => {
  expect(validReference('')).toBe(true);
  expect(validReference('QD-123/2025')).toBe(true);
  expect(validReference('QĐ 123')).toBe(false);
  expect(validReference('-1')).toBe(false);
  expect(validReference('a'.repeat(81))).toBe(false);
});
