"""Answers SMT-LIB questions from standard input, one a line.

The command line names the solver and says how many milliseconds a question may take.

A line is a JSON string, the text of one question; an answer is a line of JSON: `result` (`sat`, `unsat`,
`unknown`), `parse` and `solve` in microseconds, or `error`. Every question gets a solver of its own.
"""

import json
import sys
import time

LIMIT = int(sys.argv[2])


def cvc5_answer(text):
    import cvc5

    start = time.perf_counter()
    manager = cvc5.TermManager()
    solver = cvc5.Solver(manager)
    solver.setOption("tlimit-per", str(LIMIT))
    symbols = cvc5.SymbolManager(manager)
    parser = cvc5.InputParser(solver, symbols)
    parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, text, "question")
    while True:
        command = parser.nextCommand()
        if command.isNull():
            raise ValueError("no check-sat")
        name = command.getCommandName()
        if name == "check-sat":
            break
        if name == "empty":
            continue
        answer = str(command.invoke(solver, symbols) or "")
        if "error" in answer:
            raise ValueError(answer)
    parsed = time.perf_counter()
    result = solver.checkSat()
    solved = time.perf_counter()
    word = "sat" if result.isSat() else "unsat" if result.isUnsat() else "unknown"
    return word, parsed - start, solved - parsed


def z3_answer(text):
    import z3

    # Z3 stops at a logic that it does not know; it chooses by itself without one.
    start = time.perf_counter()
    context = z3.Context()
    solver = z3.Solver(ctx=context)
    solver.set("timeout", LIMIT)
    solver.from_string(text.replace("(check-sat)\n(get-model)\n", ""))
    parsed = time.perf_counter()
    result = str(solver.check())
    solved = time.perf_counter()
    return result, parsed - start, solved - parsed


def main():
    answer = {"cvc5": cvc5_answer, "z3": z3_answer}[sys.argv[1]]
    for line in sys.stdin:
        try:
            result, parse, solve = answer(json.loads(line))
            out = {"result": result, "parse": round(parse * 1e6), "solve": round(solve * 1e6)}
        except Exception as problem:  # A question that cannot be read must not end the others.
            out = {"error": f"{type(problem).__name__}: {problem}"}
        print(json.dumps(out), flush=True)


main()
