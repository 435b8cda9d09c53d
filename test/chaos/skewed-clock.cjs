/** Loaded before anything else of a process (`--require`), it makes its clock wrong by WEFT_SKEW ms. */
const skew = Number(process.env['WEFT_SKEW']);
const Right = Date;

globalThis.Date = class Date extends Right {
  constructor(...given) {
    if (given.length === 0) super(Right.now() + skew);
    else super(...given);
  }
  static now() {
    return Right.now() + skew;
  }
};
