import { expect, test } from 'vitest';
import { signInAddress } from './signIn';

test('sign-in leads back to the view, with all that its address holds', () => {
  expect(signInAddress('en', '/trends?measure=N4&by=cause')).toBe('/sign-in?lang=en&next=%2Ftrends%3Fmeasure%3DN4%26by%3Dcause');
  expect(signInAddress('vi', '/')).toBe('/sign-in?lang=vi');
  expect(signInAddress('vi', '/owed', true)).toBe('/sign-in?lang=vi&next=%2Fowed&ended=1');
});
