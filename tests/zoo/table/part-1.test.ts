import { suitePairs, tableTests } from "./table-tests";

tableTests(suitePairs, 0, 2);
