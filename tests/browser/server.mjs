// Serves a folder under a path of its own, as any web server would.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

const KINDS = {
  ".css": "text/css", ".html": "text/html", ".js": "text/javascript", ".json": "application/json", ".mjs": "text/javascript",
  ".wasm": "application/wasm", ".zip": "application/zip",
};

// What web/README.md advises.
const OF_WORKER = { "content-security-policy": "default-src 'none'; script-src 'self' 'wasm-unsafe-eval' 'unsafe-eval'; connect-src 'self'" };

export async function serve(folder, under) {
  const server = createServer(async ({ url }, response) => {
    const { pathname } = new URL(url, "http://localhost");
    const name = normalize(pathname.startsWith(under) ? pathname.slice(under.length) || "index.html" : "/");
    try {
      const content = await readFile(join(folder, name));
      const headers = { "content-type": KINDS[extname(name)] ?? "application/octet-stream" };
      response.writeHead(200, name === "worker.js" ? { ...headers, ...OF_WORKER } : headers).end(content);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { address: `http://127.0.0.1:${server.address().port}${under}`, close };
}
