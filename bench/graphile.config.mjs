// PostGraphile as its documentation sets it up, in one process, by a role that may only read.
// Lists stand beside connections, for plain lists are what it answers fastest. This file is copied
// to where PostGraphile was installed, so that it finds its packages.
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";
import { makePgService } from "postgraphile/adaptors/pg";

export default {
  extends: [PostGraphileAmberPreset],
  schema: { defaultBehavior: "connection list" },
  pgServices: [
    makePgService({
      connectionString: process.env.BENCH_DATABASE_URL,
      schemas: ["public", "bench"],
      poolConfig: { max: Number(process.env.BENCH_CONNECTIONS) },
    }),
  ],
  grafserv: {
    host: "127.0.0.1",
    port: Number(process.env.BENCH_PORT),
    graphiql: false,
    watch: false,
  },
  grafast: { explain: false },
};
