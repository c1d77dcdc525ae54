/**
 * Whether a program nests so deep, or chains so many operators, that a parser which calls itself would run out of stack. A
 * native parser then takes the whole process with it, so that it is told by a look at the characters, before it is asked.
 * Depths that people and bundlers reach are far below; where it is in doubt it says yes, and the file is not judged.
 */
export function nestsTooDeep(text: string): boolean {
  if (text.length < MOST_CHAINED) return false;
  let open = 0;
  let chain = 0;
  const piece =
    /\/\/[^\n]*|\/\*[^]*?\*\/|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|<\/|\/>|[([{}\])]|[;,]|[?:=!~+\-*/%&|^<>.]|\b(?:new|await|typeof|void|delete|else)\b|\w\s+(?=:)/g;
  for (let match = piece.exec(text); match; match = piece.exec(text)) {
    const [found] = match;
    switch (found) {
      case '(':
      case '[':
      case '{':
        if (++open > MOST_OPEN) return true;
        chain = found === '{' ? 0 : chain + 1;
        if (chain > MOST_CHAINED) return true;
        break;
      case ')':
      case ']':
      case '}':
        open = Math.max(0, open - 1);
        break;
      case ';':
      case ',':
        chain = 0;
        break;
      case '</':
      case '/>':
        chain = Math.max(0, chain - 2);
        break;
      default:
        if (found.length > 1 && !/^\w+$/.test(found)) break;
        if (++chain > MOST_CHAINED) return true;
    }
  }
  // "else if" has braces between, and is nested all the same.
  return (text.match(/\belse\s+if\b/g)?.length ?? 0) > MOST_ELSES;
}

const MOST_OPEN = 800;
const MOST_CHAINED = 2500;
const MOST_ELSES = 8000;
