import fc from 'fast-check';

// Properties are tried on the same cases each time: what fails is the change that was made, and fails again. With
// FOCAL_TEST_SEED, a whole number or "random", they are tried on others.
const wish = process.env.FOCAL_TEST_SEED ?? '1';
if (wish !== 'random') {
  const seed = Number(wish);
  if (!Number.isInteger(seed)) throw new Error(`FOCAL_TEST_SEED is "${wish}": expected a whole number, or "random".`);
  fc.configureGlobal({ ...fc.readConfigureGlobal(), seed });
}
