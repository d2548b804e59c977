// What the client of Node's ws tells its program of one connection through a proxy, line by line.
//
// usage: node blocked_websocket.js PROXY_HOST PROXY_PORT USER:PASSWORD URL
"use strict";

const { HttpsProxyAgent } = require("https-proxy-agent");
const WebSocket = require("ws");

const [host, port, tag, url] = process.argv.slice(2);
const agent = new HttpsProxyAgent({ host, port, auth: tag });
const socket = new WebSocket(url, { agent });
socket.on("open", () => socket.send("alive"));
socket.on("message", (text) => {
  console.log(text.toString());
  setTimeout(() => socket.send("alive"), 20);
});
socket.on("unexpected-response", (request, response) => {
  console.log(`answered ${response.statusCode}`);
  request.destroy();
});
socket.on("error", (error) => console.log(`error ${error.message}`));
socket.on("close", (code) => console.log(`close ${code}`));
