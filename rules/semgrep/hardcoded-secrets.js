// ruleid: archguard-javascript-secret
const apiKey = "8f14e45fceea167a";
// ruleid: archguard-javascript-secret
const client = new Client({ clientSecret: "0a1b2c3d4e5f" });
// ok: archguard-javascript-secret
const other = process.env.API_KEY;
// ok: archguard-javascript-secret
const labels = { password: "Password", token: "Your token" };
// ok: archguard-javascript-secret
const types = { accessToken: "access_token_v2" };
// ok: archguard-javascript-secret
const header = `Bearer ${token}`;
// ok: archguard-javascript-secret
const tokenUrl = "https://id.example.org/v2/token";
