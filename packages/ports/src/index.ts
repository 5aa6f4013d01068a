export { checkPorts, closePorts, connectPorts, type Ports, type Waits } from './ports.js';
