import type { Operation, PickleMachine } from "./pickle-machine";
import { PyDict, PyList, PyTuple, type PyValue } from "./pickle-values";

function tupleOf(m: PickleMachine, length: number): void {
  const items: PyValue[] = [];
  for (let i = 0; i < length; i++) items.unshift(m.pop());
  m.push(new PyTuple(items));
}

/** Opcode → what it does. Every opcode that is not here is refused. */
export const opcodes: Readonly<Record<number, Operation>> = {
  128: (m) => void m.number(1), // PROTO
  149: (m) => void m.number(8), // FRAME
  40: (m) => m.mark(), // MARK
  48: (m) => void m.pop(), // POP
  49: (m) => void m.sinceMark(), // POP_MARK
  78: (m) => m.push(null), // NONE
  136: (m) => m.push(true), // NEWTRUE
  137: (m) => m.push(false), // NEWFALSE
  74: (m) => m.push(m.number(4, true)), // BININT
  75: (m) => m.push(m.number(1)), // BININT1
  77: (m) => m.push(m.number(2)), // BININT2
  138: (m) => m.push(m.long(m.number(1))), // LONG1
  139: (m) => m.push(m.long(m.number(4))), // LONG4
  71: (m) => m.push(m.float()), // BINFLOAT
  88: (m) => m.push(m.text(m.number(4))), // BINUNICODE
  140: (m) => m.push(m.text(m.number(1))), // SHORT_BINUNICODE
  141: (m) => m.push(m.text(m.number(8))), // BINUNICODE8
  84: (m) => m.push(m.text(m.number(4))), // BINSTRING (Python 2)
  85: (m) => m.push(m.text(m.number(1))), // SHORT_BINSTRING (Python 2)
  66: (m) => m.push(m.take(m.number(4))), // BINBYTES
  67: (m) => m.push(m.take(m.number(1))), // SHORT_BINBYTES
  142: (m) => m.push(m.take(m.number(8))), // BINBYTES8
  93: (m) => m.push(new PyList()), // EMPTY_LIST
  41: (m) => m.push(new PyTuple([])), // EMPTY_TUPLE
  125: (m) => m.push(new PyDict()), // EMPTY_DICT
  116: (m) => m.push(new PyTuple(m.sinceMark())), // TUPLE
  133: (m) => tupleOf(m, 1), // TUPLE1
  134: (m) => tupleOf(m, 2), // TUPLE2
  135: (m) => tupleOf(m, 3), // TUPLE3
  // APPEND
  97: (m) => {
    const item = m.pop();
    m.list().items.push(item);
  },
  // APPENDS
  101: (m) => {
    const items = m.sinceMark();
    const list = m.list();
    for (const item of items) list.items.push(item);
  },
  // LIST
  108: (m) => {
    const list = new PyList();
    for (const item of m.sinceMark()) list.items.push(item);
    m.push(list);
  },
  // DICT
  100: (m) => {
    const items = m.sinceMark();
    m.push(new PyDict());
    m.setItems(items);
  },
  // SETITEM
  115: (m) => {
    const [value, key] = [m.pop(), m.pop()];
    m.setItems([key, value]);
  },
  117: (m) => m.setItems(m.sinceMark()), // SETITEMS
  // GLOBAL
  99: (m) => {
    const [module, name] = [m.line(), m.line()];
    m.global(module, name);
  },
  // STACK_GLOBAL
  147: (m) => {
    const [name, module] = [m.pop(), m.pop()];
    m.global(module, name);
  },
  81: (m) => m.persistent(m.pop()), // BINPERSID
  // REDUCE
  82: (m) => {
    const [given, callee] = [m.pop(), m.pop()];
    m.reduce(callee, given);
  },
  98: (m) => m.build(), // BUILD
  113: (m) => m.remember(m.number(1)), // BINPUT
  114: (m) => m.remember(m.number(4)), // LONG_BINPUT
  148: (m) => m.memoize(), // MEMOIZE
  104: (m) => m.recall(m.number(1)), // BINGET
  106: (m) => m.recall(m.number(4)), // LONG_BINGET
};
