// The client of Node's ws talks through a proxy to the library's own server; prints what came of it.
//
// usage: node websockets_client.js PROXY_HOST PROXY_PORT USER:PASSWORD CERTIFICATE KEY
"use strict";

const fs = require("fs");
const http = require("http");
const https = require("https");
const { HttpsProxyAgent } = require("https-proxy-agent");
const WebSocket = require("ws");

const NAME = "socket.acme.test";
const TEXT = "Grüße ".repeat(50_000);

const [host, port, tag, certificate, key] = process.argv.slice(2);
const cert = fs.readFileSync(certificate);

function talk(scheme, web) {
  return new Promise((resolve, reject) => {
    const sockets = new WebSocket.Server({ server: web });
    sockets.on("connection", (socket) => socket.on("message", (text, binary) => socket.send(text, { binary })));
    web.listen(0, "127.0.0.1", () => {
      const own = web.address().port;
      const [user, password] = tag.split(":");
      const agent = new HttpsProxyAgent({ host, port, auth: `${user}:${password}` });
      const socket = new WebSocket(`${scheme}://${NAME}:${own}/chat`, { agent, ca: cert });
      const heard = [];
      socket.on("open", () => socket.ping());
      socket.on("pong", () => {
        socket.send("hello");
        // In fragments, of any size.
        socket.send(TEXT.slice(0, 7), { fin: false });
        socket.send(TEXT.slice(7));
      });
      socket.on("message", (text) => {
        heard.push(text.toString());
        if (heard.length === 2) {
          socket.close();
        }
      });
      socket.on("close", () => {
        web.close();
        resolve({ port: own, text: heard[0], long: heard[1] === TEXT });
      });
      socket.on("error", reject);
    });
  });
}

(async () => {
  const told = { ws: await talk("ws", http.createServer()) };
  told.wss = await talk("wss", https.createServer({ cert, key: fs.readFileSync(key) }));
  process.stdout.write(JSON.stringify(told));
})().catch((failed) => {
  process.stderr.write(`${failed.stack}\n`);
  process.exit(1);
});
