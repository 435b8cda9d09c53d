/** Calls `begin` with what is to be called `count` times; true when each came within so many ms and said true. */
export function waitFor(
  count: number,
  withinMs: number,
  begin: (settle: (isWritten: boolean) => void) => void,
): Promise<boolean> {
  return new Promise((resolve) => {
    let left = count;
    let allWritten = true;
    const timer = setTimeout(() => resolve(false), withinMs);
    begin((isWritten) => {
      allWritten &&= isWritten;
      if (--left > 0) return;
      clearTimeout(timer);
      resolve(allWritten);
    });
  });
}
