/**
 * The value that Student's t distribution exceeds in absolute value with probability `p`, to six
 * digits. It is found by bisection of the tail.
 * @param degrees degrees of freedom, above 0; not necessarily an integer. NaN gives NaN
 */
export function studentQuantile(p: number, degrees: number): number {
  if (Number.isNaN(degrees)) return NaN;
  let [low, high] = [0, 1];
  while (studentTail(high, degrees) > p && high < 1e9) high *= 2;
  while (high - low > 1e-7 * high) {
    const middle = (low + high) / 2;
    if (studentTail(middle, degrees) > p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The probability that the absolute value of a t distributed variable exceeds `t`. */
export function studentTail(t: number, degrees: number): number {
  return incompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5);
}

/**
 * The regularized incomplete beta function, by the continued fraction of Abramowitz and Stegun
 * (26.5.8), evaluated as Lentz proposed.
 */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0 || x >= 1) return x <= 0 ? 0 : 1;
  // The fraction converges fast below the mean.
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front =
    Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x)) / a;
  let c = 1;
  let d = 1 / notZero(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m <= 300; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    let step = 1;
    for (const numerator of [even, odd]) {
      d = 1 / notZero(1 + numerator * d);
      c = notZero(1 + numerator / c);
      step = c * d;
      fraction *= step;
    }
    if (Math.abs(step - 1) < 1e-12) break;
  }
  return front * fraction;
}

function notZero(value: number): number {
  return Math.abs(value) < 1e-300 ? 1e-300 : value;
}

/** The logarithm of the gamma function, by the approximation of Lanczos (g = 5, six terms). */
function logGamma(x: number): number {
  const base = x + 5.5 - (x + 0.5) * Math.log(x + 5.5);
  const sum = LANCZOS.reduce((total, term, i) => total + term / (x + 1 + i), 1.00000000019001);
  return Math.log((2.506628274631 * sum) / x) - base;
}

const LANCZOS = [
  76.1800917294715, -86.5053203294168, 24.0140982408309, -1.231739572450155, 0.1208650973866179e-2,
  -0.5395239384953e-5,
];
